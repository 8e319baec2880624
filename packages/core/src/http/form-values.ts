import { httpErrors } from './errors.ts'

/** Values by name: a text, or a list where a name was given more than once. Without a prototype. */
export type FormValues = Readonly<Record<string, string | readonly string[]>>

const mostFields = 1_000

/**
 * The fields of a query or of `application/x-www-form-urlencoded`.
 *
 * @throws `CORE_HTTP_REQUEST_INVALID` for more than 1,000 fields
 */
export function formValues(text: string): FormValues {
  const values: Record<string, string | string[]> = Object.create(null)
  if (text === '') return values
  let count = 0
  for (const [name, value] of new URLSearchParams(text)) {
    if (++count > mostFields) throw httpErrors.CORE_HTTP_REQUEST_INVALID({ reason: `more than ${mostFields} fields` })
    const before = values[name]
    if (before === undefined) values[name] = value
    else if (typeof before === 'string') values[name] = [before, value]
    else before.push(value)
  }
  return values
}
