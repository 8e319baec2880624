import type { Backup } from './backup.ts'

/** Options of {@link createBackupStatusHandler}. */
export interface BackupStatusHandlerOptions {
  /** Whether a request may see the status. @default every request: mount it where only operators come */
  readonly authorize?: ((request: Request) => boolean | Promise<boolean>) | undefined
}

/**
 * Answers `GET` and `HEAD` with the status of the backups in JSON: 200 when all is well, 503 when an alert is firing, so
 * that any monitor can watch it.
 *
 * @example
 * ```ts no-run
 * import { createBackupStatusHandler, type Backup } from '@exprsn/backup'
 *
 * declare const backup: Backup
 * const handler = createBackupStatusHandler(backup, {
 *   authorize: (request) => request.headers.get('authorization') === `Bearer ${process.env.STATUS_TOKEN}`,
 * })
 * console.log((await handler(new Request('http://localhost/backup/status'))).status)
 * ```
 */
export function createBackupStatusHandler(
  backup: Pick<Backup, 'status'>,
  { authorize = () => true }: BackupStatusHandlerOptions = {},
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
    if (!(await authorize(request))) return new Response(null, { status: 403 })
    const status = await backup.status({ signal: request.signal })
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
    const body = request.method === 'HEAD' ? null : JSON.stringify(status)
    return new Response(body, { status: status.ok ? 200 : 503, headers })
  }
}
