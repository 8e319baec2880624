/**
 * The object-store port: put, get, range, list, delete; in memory and in a folder.
 *
 * @packageDocumentation
 */
export { storageErrors } from './errors.ts'
export { folderStore, type FolderStore, type FolderStoreOptions } from './folder/folder-store.ts'
export type { SweepResult } from './folder/sweep.ts'
export { checkKey, compareKeys } from './key.ts'
export { memoryStore, type MemoryStoreOptions } from './memory-store.ts'
export type {
  GetOptions,
  ListOptions,
  ObjectInfo,
  ObjectStore,
  ObjectVersion,
  ObjectVersions,
  PutOptions,
  StoredObject,
  StoreOptions,
} from './object-store.ts'
