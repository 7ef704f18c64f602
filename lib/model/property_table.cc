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

constexpr std::array kLocal{AdminVM, AppVM, DispVM, StandaloneVM, TemplateVM};
constexpr std::array kGuests{AppVM, DispVM, StandaloneVM, TemplateVM};
constexpr std::array kTemplateBased{AppVM, DispVM};
constexpr std::array kDispVmTemplates{AppVM, StandaloneVM};
constexpr std::array kDisposables{DispVM};
constexpr std::array kTemplates{TemplateVM};
constexpr std::array kAdmin{AdminVM};
constexpr std::array kRemote{RemoteVM};

// In the order of a listing: the plain ones by name, then those that refer to other VMs.
constexpr auto kTable = std::to_array<Property>({
    {"auto_cleanup", boolean, plain, kDisposables, settable, nullptr, defaults::no,
     "Whether this disposable is removed when it halts."},
    {"autostart", boolean, plain, kGuests, settable, nullptr, defaults::no,
     "Whether this VM is started when the machine boots."},
    {"backup_timestamp", number, plain, kGuests, settable, nullptr, defaults::none,
     "When this VM was last backed up, in seconds since 1970; empty: never."},
    {"debug", boolean, plain, kGuests, settable, nullptr, defaults::no,
     "Whether this VM is started with its console and messages for finding faults."},
    {"default_user", text, plain, kGuests, settable, accepts::user_name, defaults::default_user,
     "The user as whom services of this VM run; the template's where none is set.", kInherited},
    {"devices_denied", text, plain, kLocal, settable, accepts::devices_denied, defaults::none,
     "Interfaces of devices that must not be attached to this VM: codes of seven characters in a "
     "row, a class (b, u, m, p or *) and six hexadecimal digits or *.",
     kOfDom0},
    {"dispid", number, plain, kDisposables, at_creation, nullptr, nullptr,
     "The number of this disposable, from which its name and address follow."},
    {"dns", text, plain, kGuests, computed, nullptr, defaults::dns,
     "The addresses of the name servers that this VM uses."},
    {"gateway", text, plain, kGuests, computed, nullptr, defaults::gateway,
     "The address under which this VM is the gateway of others, if it provides network."},
    {"gateway6", text, plain, kGuests, computed, nullptr, defaults::gateway6,
     "The IPv6 address under which this VM is the gateway of others, if it provides network."},
    {"icon", text, plain, kVmClasses, computed, nullptr, defaults::icon,
     "The name of the icon for this VM, after its kind and label."},
    {"include_in_backups", boolean, plain, kVmClasses, settable, nullptr,
     defaults::include_in_backups, "Whether a backup of everything takes this VM in.", kOfDom0},
    {"installed_by_rpm", boolean, plain, kGuests, settable, nullptr, defaults::no,
     "Whether this VM belongs to a package of dom0, which then has to be removed instead."},
    {"ip", text, plain, kGuests, settable, accepts::ip, defaults::ip,
     "The IPv4 address of this VM; made from its qid where none is set."},
    {"ip6", text, plain, kGuests, settable, accepts::ip6, defaults::ip6,
     "The IPv6 address of this VM; made from its qid where none is set and the feature ipv6 of "
     "the VM, or of a netvm on its way, is on."},
    {"is_preload", boolean, plain, kDisposables, computed, nullptr, defaults::is_preload,
     "Whether this disposable was started in advance and waits for its first use."},
    {"kernel", text, plain, kGuests, settable, accepts::kernel, defaults::kernel,
     "The kernel that this VM boots: the name of a folder in /var/lib/qubes/vm-kernels. Empty: "
     "the VM boots what its root volume holds. The template's where none is set, else the "
     "global default_kernel, else the newest that is installed.",
     kInherited},
    {"keyboard_layout", text, plain, kLocal, settable, accepts::keyboard_layout,
     defaults::keyboard_layout,
     "The layout of the keyboard, LAYOUT+VARIANT+OPTIONS; that of the guivm where none is set.",
     kOfDom0},
    {"klass", text, plain, kVmClasses, computed, nullptr, defaults::klass, "The class of this VM."},
    {"label", label, plain, kVmClasses, settable, nullptr, nullptr,
     "The colour by which a person tells this VM's windows from others': the name of a label, "
     "or its index.",
     kOfDom0 | kChangesIcon},
    {"mac", text, plain, kGuests, settable, accepts::mac, defaults::mac,
     "The hardware address of this VM's network interface."},
    {"maxmem", number, plain, kGuests, settable, accepts::not_negative, defaults::maxmem,
     "How much memory this VM may grow to, in MiB; 0: its memory is not balanced. At least "
     "memory, if it is not 0.",
     kInherited | kAsksXen},
    {"maxmem", number, plain, kAdmin, computed, nullptr, defaults::host_memory,
     "How much memory this machine has, in MiB."},
    {"memory", number, plain, kGuests, settable, accepts::positive, defaults::memory,
     "How much memory this VM starts with, in MiB; the template's where none is set.", kInherited},
    {"name", text, plain, kVmClasses, settable, nullptr, nullptr,
     "The name of this VM. It can be changed while the VM is halted, by dom0.", kAsksXen},
    {"provides_network", boolean, plain, kGuests, settable, nullptr, defaults::no,
     "Whether other VMs may use this one as their netvm.", kChangesIcon | kChangesGateway},
    {"qid", number, plain, kVmClasses, at_creation, nullptr, nullptr,
     "The number of this VM, which never changes."},
    {"qrexec_timeout", number, plain, kGuests, settable, accepts::positive,
     defaults::qrexec_timeout, "How long a start waits for the VM's qrexec agent, in seconds.",
     kInherited},
    {"remote_name", text, plain, kRemote, settable, nullptr, defaults::none,
     "What the other host calls this VM; its name here if empty."},
    {"shutdown_timeout", number, plain, kGuests, settable, accepts::positive,
     defaults::shutdown_timeout, "How long a shutdown waits for the VM to halt, in seconds.",
     kInherited},
    {"start_time", text, plain, kGuests, computed, nullptr, defaults::start_time,
     "When this VM was started, in seconds since 1970; empty while it is halted.", kShowsXen},
    {"stubdom_mem", number, plain, kGuests, settable, accepts::positive, defaults::none,
     "How much memory the stub domain of this VM has, in MiB; empty: as much as it needs."},
    {"stubdom_uuid", text, plain, kGuests, computed, nullptr, defaults::none,
     "The UUID of this VM's stub domain; empty while it has none."},
    {"stubdom_xid", number, plain, kGuests, computed, nullptr, defaults::no_domain,
     "The number of the Xen domain of this VM's stub domain; -1 while it has none."},
    {"template_for_dispvms", boolean, plain, kDispVmTemplates, settable, nullptr, defaults::no,
     "Whether disposables may be based on this VM."},
    {"transport_rpc", text, plain, kRemote, settable, nullptr, defaults::none,
     "The service of the relayvm that passes calls on to the other host."},
    {"updateable", boolean, plain, kLocal, computed, nullptr, defaults::updateable,
     "Whether updates installed in this VM stay: it has no template."},
    {"uuid", text, plain, kVmClasses, at_creation, nullptr, nullptr,
     "The UUID of this VM, which never changes. Its Xen domain has the same."},
    {"vcpus", number, plain, kGuests, settable, accepts::positive, defaults::vcpus,
     "How many virtual CPUs this VM has; the template's where none is set.", kInherited},
    {"virt_mode", text, plain, kGuests, settable, accepts::virt_mode, defaults::virt_mode,
     "How this VM is virtualised: pvh, pv or hvm. The template's where none is set."},
    {"visible_gateway", text, plain, kGuests, computed, nullptr, defaults::visible_gateway,
     "The gateway that this VM is told: the feature net.fake-gateway, or that of its netvm."},
    {"visible_gateway6", text, plain, kGuests, computed, nullptr, defaults::visible_gateway6,
     "The IPv6 gateway that this VM is told."},
    {"visible_ip", text, plain, kGuests, computed, nullptr, defaults::visible_ip,
     "The IPv4 address that this VM is told: the feature net.fake-ip, or its ip."},
    {"visible_ip6", text, plain, kGuests, computed, nullptr, defaults::visible_ip6,
     "The IPv6 address that this VM is told."},
    {"visible_netmask", text, plain, kGuests, computed, nullptr, defaults::visible_netmask,
     "The netmask that this VM is told: the feature net.fake-netmask, or 255.255.255.255."},
    {"xid", number, plain, kGuests, computed, nullptr, defaults::xid,
     "The number of this VM's Xen domain; -1 while it is halted.", kShowsXen},
    {"appvm_default_bootmode", text, referring, kTemplates, settable, nullptr,
     defaults::appvm_default_bootmode,
     "The mode in which VMs based on this template boot where they have none set."},
    {"audiovm", vm, referring, kGuests, settable, nullptr, defaults::audiovm,
     "The VM that plays this VM's sound; none if empty."},
    {"bootmode", text, referring, kGuests, settable, nullptr, defaults::bootmode,
     "The mode in which this VM boots; a template may offer several by its features boot-mode.…."},
    {"default_dispvm", vm, referring, kLocal, settable, nullptr, defaults::default_dispvm,
     "The VM on which disposables that this VM asks for are based; none if empty.", kOfDom0},
    {"guivm", vm, referring, kGuests, settable, nullptr, defaults::guivm,
     "The VM that shows this VM's windows; none if empty."},
    {"kernelopts", text, referring, kGuests, settable, accepts::kernelopts, defaults::kernelopts,
     "What is added to the command line of the kernel; the template's where none is set.",
     kInherited},
    {"management_dispvm", vm, referring, kGuests, settable, nullptr, defaults::management_dispvm,
     "The VM on which the disposable that manages this VM is based; none if empty.", kInherited},
    {"netvm", vm, referring, kGuests, settable, nullptr, defaults::netvm,
     "The VM that connects this one to the network; none if empty. It must provide network and "
     "must not depend on this VM itself.",
     kAsksXen},
    {"relayvm", vm, referring, kRemote, settable, nullptr, defaults::none,
     "The VM that passes calls on to the other host; none if empty."},
    {"template", vm, referring, kTemplateBased, settable, nullptr, nullptr,
     "The VM whose root volume this one starts from. It can be changed while the VM is halted.",
     kAsksXen},
});

}  // namespace

std::span<const Property> property_table() { return kTable; }

}  // namespace qubes::mgmt
