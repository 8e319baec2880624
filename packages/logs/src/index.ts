/**
 * Log shippers with a write-ahead log and an embedded, searchable store.
 *
 * @packageDocumentation
 */
export {}
