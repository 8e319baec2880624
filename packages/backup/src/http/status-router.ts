import { createRouter, reply, type Router, type RouterOptions } from '@exprsn/core/http'
import type { Backup } from '../engine/index.ts'
import { statusSchema } from './status-schema.ts'

/** Options of {@link backupStatusRouter}. */
export interface BackupStatusRouterOptions extends Pick<RouterOptions, 'prefix' | 'auth' | 'logger' | 'clock'> {
  /** Whose status is shown. */
  readonly backup: Pick<Backup, 'status'>
}

/**
 * `GET /status`, as a router that can be mounted into the host's own: 200 when all is well, 503 when an alert is firing. The
 * answer names sources and replicas: say with `auth` who may see it, or serve it where only operators are.
 *
 * @example
 * ```ts no-run
 * import type { Backup } from '@exprsn/backup'
 * import { backupStatusRouter } from '@exprsn/backup/http'
 * import { createRouter } from '@exprsn/core/http'
 *
 * declare const backup: Backup
 * const router = createRouter().mount('/backups', backupStatusRouter({ backup }))
 * console.log((await router.fetch(new Request('http://localhost/backups/status'))).status)
 * ```
 */
export function backupStatusRouter({ backup, ...options }: BackupStatusRouterOptions): Router {
  return createRouter(options).route({
    method: 'GET',
    path: '/status',
    summary: 'How the backups are doing',
    description: 'Sources, replicas, the last check and what a person has to look at, at this moment.',
    tags: ['backup'],
    responses: { 200: statusSchema, 503: statusSchema },
    handler: async ({ signal }) => {
      const status = await backup.status({ signal })
      return reply(status, { status: status.ok ? 200 : 503, headers: { 'cache-control': 'no-store' } })
    },
  })
}
