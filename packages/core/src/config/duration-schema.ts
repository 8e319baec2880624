import type { ZodPipe, ZodTransform, ZodType } from 'zod'
import { milliseconds, type Duration } from '../duration/duration.ts'

/**
 * Turns what a zod schema accepts into milliseconds: `'30s'`, `'5m'`, a number, or a number written as text.
 *
 * @example
 * ```ts
 * import { defineConfig, durationSetting, overrides } from '@exprsn/core/config'
 * import { z } from 'zod'
 *
 * const schema = z.object({ timeout: durationSetting(z.string()).prefault('30s') })
 * console.log(defineConfig({ schema, sources: [overrides({ timeout: '1.5s' })] }).timeout) // 1500
 * ```
 */
export function durationSetting<Schema extends ZodType<string | number>>(
  schema: Schema,
): ZodPipe<Schema, ZodTransform<number, string | number>> {
  const converted = schema.transform((value, context) => {
    try {
      return milliseconds(asDuration(value))
    } catch {
      context.addIssue({ code: 'custom', message: "expected a duration such as '250ms', '30s', '5m' or '2h'" })
      return 0
    }
  })
  return converted as unknown as ZodPipe<Schema, ZodTransform<number, string | number>>
}

function asDuration(value: string | number): Duration {
  return (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value) as Duration
}
