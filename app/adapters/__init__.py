"""What lies outside the process: criteria files, file storage, PDF, mail, other people's web sites, passwords."""
