import { defaults, env, loadConfig, secret } from '@exprsn/core/config'
import { z } from 'zod'

const schema = z.object({
  /** 0 takes a free port. */
  port: z.number().int().min(0).max(65_535),
  folder: z.string().min(1),
  /** The account that is written to; without one a host in memory takes its place. */
  account: z
    .object({
      did: z.string().startsWith('did:'),
      service: z.url(),
      /** An app password, never the account's own. */
      password: secret(z.string().min(1)),
      /** What editors send as `x-editor-key`. */
      editorKey: secret(z.string().min(16)),
    })
    .optional(),
})

/** The newsroom's settings. */
export type Config = z.output<typeof schema>

/** Reads defaults and `NEWS_*` variables; throws one error that lists everything that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const fallback = { port: 0, folder: './data' }
  return loadConfig({ schema, sources: [defaults(fallback), env({ prefix: 'NEWS_', environment })] }).value
}
