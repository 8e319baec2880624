import type { output, ZodPipe, ZodTransform, ZodType } from 'zod'
import { Secret } from './secret.ts'

const secretOutputs = new WeakSet<object>()

/**
 * Wraps what a zod schema accepts in a {@link Secret}: the value is masked in every message, table and log line.
 *
 * @example
 * ```ts
 * import { defineConfig, overrides, secret } from '@exprsn/core/config'
 * import { z } from 'zod'
 *
 * const schema = z.object({ apiKey: secret(z.string().min(8)) })
 * const config = defineConfig({ schema, sources: [overrides({ apiKey: '0123456789' })] })
 * console.log(`${config.apiKey}`, config.apiKey.reveal().length) // [secret] 10
 * ```
 */
export function secret<Schema extends ZodType>(
  schema: Schema,
): ZodPipe<Schema, ZodTransform<Secret<output<Schema>>, output<Schema>>> {
  const wrapped = schema.transform((value) => new Secret(value as output<Schema>))
  secretOutputs.add(wrapped._zod.def.out)
  return wrapped as unknown as ZodPipe<Schema, ZodTransform<Secret<output<Schema>>, output<Schema>>>
}

/** Whether a schema is the output side of a {@link secret}. */
export function isSecretOutput(schema: object): boolean {
  return secretOutputs.has(schema)
}
