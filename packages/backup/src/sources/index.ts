/**
 * What can be backed up: files and folders, the objects of a store, SQLite databases.
 *
 * @packageDocumentation
 */
export { bucketSource, type BucketSourceOptions } from './bucket/bucket-source.ts'
export { sourcesErrors } from './errors.ts'
export { filesSource, type FilesSourceOptions } from './files/files-source.ts'
export { sqliteSource, type SqliteSourceOptions } from './sqlite/sqlite-source.ts'
