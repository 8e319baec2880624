/**
 * Backup engines with point-in-time recovery that run inside your own process.
 *
 * @packageDocumentation
 */
export {}
