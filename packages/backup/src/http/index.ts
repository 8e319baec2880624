/**
 * What operators ask of backups over HTTP.
 *
 * @packageDocumentation
 */
export { backupStatusRouter, type BackupStatusRouterOptions } from './status-router.ts'
