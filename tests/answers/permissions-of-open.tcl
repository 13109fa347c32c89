# A zero in front means octal in the permissions of open.
cd [file dirname [file tempfile name]]
foreach permissions {600 0600 0o600 0x180} {
    close [open $name {WRONLY CREAT}]
    file delete $name
    close [open $name {WRONLY CREAT EXCL} $permissions]
    puts [file attributes $name -permissions]
    file delete $name
}
