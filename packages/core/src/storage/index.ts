/**
 * The object-store port: put, get, range, list, delete.
 *
 * @packageDocumentation
 */
export type {
  GetOptions,
  ListOptions,
  ObjectInfo,
  ObjectStore,
  PutOptions,
  StoredObject,
  StoreOptions,
} from './object-store.ts'
