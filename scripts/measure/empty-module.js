// What every import is measured against: reading, compiling and linking nothing.
export {}
