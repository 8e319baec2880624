/**
 * For those who let PostgreSQL archive its log itself: a server that archive_command and restore_command reach through a tiny program, and
 * that acknowledges a file when it is durable.
 *
 * @packageDocumentation
 */
export { fetchWal, pushWal, type ArchiveClientOptions } from './archive-client.ts'
export { createArchiveHandler, type ArchiveHandlerOptions } from './archive-handler.ts'
export { createArchiveServer, type ArchiveServer, type ArchiveServerOptions } from './archive-server.ts'
export { archiveErrors } from './errors.ts'
export { walFileStore, type WalFileStore, type WalFileStoreOptions } from './wal-file-store.ts'
