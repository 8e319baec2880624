/**
 * What can be backed up: files and folders.
 *
 * @packageDocumentation
 */
export { sourcesErrors } from './errors.ts'
export { filesSource, type FilesSourceOptions } from './files/files-source.ts'
