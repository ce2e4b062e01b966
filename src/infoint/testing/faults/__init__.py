"""What breaks storages on purpose: writers killed, power cut, disks that fail or are full. Each module counts what was lost."""
