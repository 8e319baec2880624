import type { StandardSchema } from '../config/standard-schema.ts'
import { jobErrors } from './errors.ts'

/**
 * The payload as its schema gives it.
 *
 * @throws `CORE_JOBS_PAYLOAD_INVALID` naming the first field that is wrong
 */
export async function checkPayload<Payload>(
  name: string,
  payload: unknown,
  schema: StandardSchema<Payload> | undefined,
): Promise<unknown> {
  if (schema === undefined) return payload
  const result = await schema['~standard'].validate(payload)
  if (result.issues === undefined) return result.value
  const [issue] = result.issues
  const steps = (issue?.path ?? []).map((step) => `.${String(typeof step === 'object' ? step.key : step)}`)
  const details = {
    name,
    path: `$${steps.join('')}`,
    reason: `is refused by the schema: ${issue?.message ?? 'invalid'}`,
  }
  throw jobErrors.CORE_JOBS_PAYLOAD_INVALID({ ...details, issues: result.issues.length })
}
