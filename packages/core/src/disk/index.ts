/**
 * The file-system port: the only way the family touches files. `systemDisk` is the machine's own file system;
 * `createSimulatedDisk` (from `@exprsn/core/testing`) crashes, tears and runs full on demand.
 *
 * @packageDocumentation
 */
export { copyFile, type CopyFileOptions } from './copy-file.ts'
export { diskErrorOf, isDiskError, type DiskErrorCode } from './disk-error.ts'
export type {
  Disk,
  DiskEntry,
  DiskFile,
  DiskGlance,
  DiskLock,
  DiskPath,
  DiskSpace,
  DiskStat,
  EntryKind,
  OpenMode,
  OpenOptions,
} from './disk.ts'
export { diskErrors } from './errors.ts'
export { exists } from './exists.ts'
export { glanceOf } from './glance-of.ts'
export { makeTemporaryFolder, type TemporaryFolderOptions } from './make-temporary-folder.ts'
export { displayPath, entryName, joinPath, parentPath } from './paths.ts'
export { readFile, type ReadFileOptions } from './read-file.ts'
export { removeTree, type RemoveTreeOptions } from './remove-tree.ts'
export { systemDisk } from './system-disk.ts'
export { temporaryPrefix } from './temporary-name.ts'
export { unlessGone } from './unless-gone.ts'
export { walk, type WalkedEntry, type WalkOptions } from './walk.ts'
export { writeFileAtomic, type WriteFileAtomicOptions } from './write-file-atomic.ts'
