import { defaults, env, loadConfig, secret } from '@exprsn/core/config'
import { z } from 'zod'

const schema = z.object({
  /** 0 takes a free port. */
  port: z.number().int().min(0).max(65_535),
  /** The cluster, as `postgres://backup:password@db.internal/postgres`; the role has REPLICATION and pg_monitor. */
  database: secret(z.string().min(1)),
  /** WAL that is not in the repository yet, and the schedule: a disk that lasts. */
  folder: z.string().min(1),
  /** Where the repository lies: another machine than the cluster's. */
  backups: z.string().min(1),
  /** Opens the repository, with restic, too. */
  password: secret(z.string().min(8)),
  /** Who may look at the backups over HTTP, begin one, and begin a drill. */
  token: secret(z.string().min(8)),
  /** What has to be true in a restored cluster, in SQL. */
  assertion: z.string().min(1),
})

/** The service's settings. */
export type Config = z.output<typeof schema>

/** Reads defaults and `APP_*` variables (or `APP_PASSWORD_FILE`, …); throws one error that lists everything that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const fallback = { port: 0, folder: './data', backups: './backups', assertion: 'select true' }
  return loadConfig({ schema, sources: [defaults(fallback), env({ prefix: 'APP_', environment })] }).value
}
