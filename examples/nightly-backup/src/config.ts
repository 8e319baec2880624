import { defaults, env, loadConfig, secret } from '@exprsn/core/config'
import { z } from 'zod'

const schema = z.object({
  /** 0 takes a free port. */
  port: z.number().int().min(0).max(65_535),
  /** What is backed up: the database and the uploads. */
  folder: z.string().min(1),
  /** Where the repository lies: another disk than `folder`. */
  backups: z.string().min(1),
  /** A second copy, best in another building. */
  replica: z.string().min(1).optional(),
  /** Opens the repository, with restic, too. */
  password: secret(z.string().min(8)),
  /** Who may look at the backups over HTTP and begin one. */
  token: secret(z.string().min(8)),
})

/** The service's settings. */
export type Config = z.output<typeof schema>

/** Reads defaults and `APP_*` variables (or `APP_PASSWORD_FILE`, …); throws one error that lists everything that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const fallback = { port: 0, folder: './data', backups: './backups' }
  return loadConfig({ schema, sources: [defaults(fallback), env({ prefix: 'APP_', environment })] }).value
}
