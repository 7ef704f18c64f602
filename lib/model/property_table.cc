// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/property_table.h"

#include <array>

#include "model/property_rules.h"

namespace qubes::mgmt {
namespace {

using enum VmClass;
using enum ValueType;
using enum Origination;
using enum Property::Stage;

constexpr std::array kEvery{AdminVM, AppVM, DispVM, StandaloneVM, TemplateVM};
constexpr std::array kGuests{AppVM, DispVM, StandaloneVM, TemplateVM};
constexpr std::array kTemplateBased{AppVM, DispVM};
constexpr std::array kDispVmTemplates{AppVM, StandaloneVM};
constexpr std::array kDisposables{DispVM};
constexpr std::array kTemplates{TemplateVM};

// In the order of a listing: the plain ones by name, then those that refer to other VMs.
constexpr auto kTable = std::to_array<Property>({
    {"auto_cleanup", boolean, plain, kDisposables, settable, nullptr, defaults::no,
     "Whether this disposable is removed when it halts."},
    {"autostart", boolean, plain, kGuests, settable, nullptr, defaults::no,
     "Whether this VM is started when the machine boots."},
    {"backup_timestamp", number, plain, kGuests, settable, nullptr, defaults::none,
     "When this VM was last backed up, in seconds since 1970; empty if never."},
    {"debug", boolean, plain, kGuests, settable, nullptr, defaults::no,
     "Whether this VM is started with its console and messages for finding faults."},
    {"default_user", text, plain, kGuests, settable, accepts::user_name, defaults::default_user,
     "The user as whom services of this VM run; the template's where none is set."},
    {"devices_denied", text, plain, kEvery, settable, accepts::devices_denied, defaults::none,
     "The interfaces of devices that may not be attached to this VM: codes of seven characters."},
    {"dispid", number, plain, kDisposables, at_creation, nullptr, defaults::none,
     "The number of this disposable, from which its name and address follow."},
    {"dns", text, plain, kGuests, computed, nullptr, defaults::dns,
     "The addresses of the name servers that this VM uses."},
    {"gateway", text, plain, kGuests, computed, nullptr, defaults::gateway,
     "The address under which this VM is the gateway of others, if it provides network."},
    {"icon", text, plain, kEvery, computed, nullptr, defaults::icon,
     "The name of the icon for this VM, after its kind and label."},
    {"include_in_backups", boolean, plain, kEvery, settable, nullptr, defaults::include_in_backups,
     "Whether a backup of everything takes this VM in."},
    {"installed_by_rpm", boolean, plain, kGuests, settable, nullptr, defaults::no,
     "Whether this VM belongs to a package of dom0, which then has to be removed instead."},
    {"ip", text, plain, kGuests, settable, accepts::ip, defaults::ip,
     "The IPv4 address of this VM; made from its qid where none is set."},
    {"ip6", text, plain, kGuests, settable, accepts::ip6, defaults::none,
     "The IPv6 address of this VM; none where none is set."},
    {"kernel", text, plain, kGuests, settable, accepts::kernel, defaults::kernel,
     "The kernel that this VM boots: the name of a folder in /var/lib/qubes/vm-kernels. Empty: "
     "the VM boots what its root volume holds. The template's where none is set, else the "
     "global default_kernel, else the newest that is installed."},
    {"keyboard_layout", text, plain, kEvery, settable, accepts::keyboard_layout,
     defaults::keyboard_layout,
     "The layout of the keyboard, its variant and options, joined by '+'; that of the guivm where "
     "none is set."},
    {"klass", text, plain, kEvery, computed, nullptr, defaults::klass, "The class of this VM."},
    {"label", label, plain, kEvery, settable, nullptr, nullptr,
     "The colour by which a person tells this VM's windows from others': the name of a label, "
     "or its index."},
    {"mac", text, plain, kGuests, settable, accepts::mac, defaults::mac,
     "The hardware address of this VM's network interface."},
    {"maxmem", number, plain, kGuests, settable, accepts::not_negative, defaults::maxmem,
     "How much memory this VM may grow to, in MiB; 0: its memory is not balanced. At least "
     "memory, if it is not 0."},
    {"memory", number, plain, kGuests, settable, accepts::positive, defaults::memory,
     "How much memory this VM starts with, in MiB; the template's where none is set."},
    {"name", text, plain, kEvery, settable, nullptr, nullptr,
     "The name of this VM. It can be changed while the VM is halted, by dom0."},
    {"provides_network", boolean, plain, kGuests, settable, nullptr, defaults::no,
     "Whether other VMs may use this one as their netvm."},
    {"qid", number, plain, kEvery, at_creation, nullptr, nullptr,
     "The number of this VM, which never changes."},
    {"qrexec_timeout", number, plain, kGuests, settable, accepts::positive,
     defaults::qrexec_timeout, "How long a start waits for the VM's qrexec agent, in seconds."},
    {"shutdown_timeout", number, plain, kGuests, settable, accepts::positive,
     defaults::shutdown_timeout, "How long a shutdown waits for the VM to halt, in seconds."},
    {"start_time", text, plain, kGuests, computed, nullptr, defaults::start_time,
     "When this VM was started, in seconds since 1970; empty while it is halted."},
    {"stubdom_mem", number, plain, kGuests, settable, accepts::positive, defaults::none,
     "How much memory the device model of an HVM gets, in MiB; empty: what it usually needs."},
    {"template_for_dispvms", boolean, plain, kDispVmTemplates, settable, nullptr, defaults::no,
     "Whether disposables may be based on this VM."},
    {"updateable", boolean, plain, kEvery, computed, nullptr, defaults::updateable,
     "Whether updates installed in this VM stay: it has no template."},
    {"uuid", text, plain, kEvery, at_creation, nullptr, nullptr,
     "The UUID of this VM, which never changes. Its Xen domain has the same."},
    {"vcpus", number, plain, kGuests, settable, accepts::positive, defaults::vcpus,
     "How many virtual CPUs this VM has; the template's where none is set."},
    {"virt_mode", text, plain, kGuests, settable, accepts::virt_mode, defaults::virt_mode,
     "How this VM is virtualised: pvh, pv or hvm. The template's where none is set."},
    {"xid", number, plain, kGuests, computed, nullptr, defaults::xid,
     "The number of this VM's Xen domain; -1 while it is halted."},
    {"appvm_default_bootmode", text, referring, kTemplates, settable, nullptr, defaults::bootmode,
     "The boot mode of the VMs based on this template that have none of their own."},
    {"audiovm", vm, referring, kGuests, settable, nullptr, defaults::audiovm,
     "The VM that plays this VM's sound; none if empty."},
    {"bootmode", text, referring, kGuests, settable, nullptr, defaults::bootmode,
     "Which of the boot modes that its kernel offers this VM is started in."},
    {"default_dispvm", vm, referring, kEvery, settable, nullptr, defaults::default_dispvm,
     "The VM on which disposables that this VM asks for are based; none if empty."},
    {"guivm", vm, referring, kGuests, settable, nullptr, defaults::guivm,
     "The VM that shows this VM's windows; none if empty."},
    {"kernelopts", text, referring, kGuests, settable, accepts::kernelopts, defaults::kernelopts,
     "What is added to the command line of the kernel; the template's where none is set."},
    {"management_dispvm", vm, referring, kGuests, settable, nullptr, defaults::management_dispvm,
     "The VM on which the disposable that manages this VM is based; none if empty."},
    {"netvm", vm, referring, kGuests, settable, nullptr, defaults::netvm,
     "The VM that connects this one to the network; none if empty. It must provide network and "
     "must not depend on this VM itself."},
    {"template", vm, referring, kTemplateBased, settable, nullptr, nullptr,
     "The VM whose root volume this one starts from. It can be changed while the VM is halted."},
});

}  // namespace

std::span<const Property> property_table() { return kTable; }

}  // namespace qubes::mgmt
