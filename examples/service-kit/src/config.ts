import { defaults, durationSetting, env, loadConfig } from '@exprsn/core/config'
import { z } from 'zod'

const schema = z.object({
  /** 0 takes a free port. */
  port: z.number().int().min(0).max(65_535),
  folder: z.string().min(1),
  zone: z.string(),
  drainDelay: durationSetting(z.union([z.number(), z.string()])),
})

/** The service's settings. */
export type Config = z.output<typeof schema>

/** Reads defaults and `APP_*` variables; throws one error that lists everything that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const fallback = { port: 0, folder: './data', zone: 'Europe/Berlin', drainDelay: '5s' }
  return loadConfig({ schema, sources: [defaults(fallback), env({ prefix: 'APP_', environment })] }).value
}
