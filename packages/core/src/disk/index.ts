/**
 * The file-system port: the only way the family touches files.
 *
 * @packageDocumentation
 */
export type {
  Disk,
  DiskEntry,
  DiskFile,
  DiskLock,
  DiskPath,
  DiskSpace,
  DiskStat,
  EntryKind,
  OpenMode,
  OpenOptions,
} from './disk.ts'
