import { defaults, env, loadConfig, secret } from '@exprsn/core/config'
import { z } from 'zod'

const schema = z.object({
  /** 0 takes a free port. */
  port: z.number().int().min(0).max(65_535),
  folder: z.string().min(1),
  /** Stripe's keys; without them the shop runs against a simulated Stripe. */
  stripe: z
    .object({
      secretKey: secret(z.string().startsWith('sk_')),
      publishableKey: z.string().startsWith('pk_'),
      webhookSecret: secret(z.string().startsWith('whsec_')),
    })
    .optional(),
})

/** The shop's settings. */
export type Config = z.output<typeof schema>

/** Reads defaults and `STORE_*` variables; throws one error that lists everything that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const fallback = { port: 0, folder: './data' }
  return loadConfig({ schema, sources: [defaults(fallback), env({ prefix: 'STORE_', environment })] }).value
}
