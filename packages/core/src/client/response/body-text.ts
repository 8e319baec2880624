import type { SchemaIssue, StandardSchema } from '../../config/standard-schema.ts'
import { clientErrors } from '../errors.ts'

/** Where a body came from, for errors. */
export interface BodySource {
  readonly origin: string
  readonly contentType: string | undefined
}

const utf8 = new TextDecoder()

/** Text in the charset that a `content-type` names, if it is known; else in UTF-8. */
export function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
  const charset = /;\s*charset="?([\w-]+)/i.exec(contentType ?? '')?.[1]
  if (charset === undefined || /^utf-?8$/i.test(charset)) return utf8.decode(bytes)
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return utf8.decode(bytes)
  }
}

/** @throws `CORE_CLIENT_JSON_INVALID`, without a word of the text: it may hold anything. */
export function parseJson(text: string, source: BodySource): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const reason = text.trim() === '' ? 'it is empty' : `it does not parse, ${text.length} characters`
    throw clientErrors.CORE_CLIENT_JSON_INVALID({ ...source, reason })
  }
}

/** @throws `CORE_CLIENT_JSON_INVALID` with the path and message of what the schema finds wrong. */
export async function validateJson<Output>(
  parse: () => unknown,
  schema: StandardSchema<Output>,
  source: BodySource,
): Promise<Output> {
  const result = await schema['~standard'].validate(parse())
  if (result.issues === undefined) return result.value
  const issues = result.issues.slice(0, 10).map(describe)
  throw clientErrors.CORE_CLIENT_JSON_INVALID({ ...source, reason: issues.join('; '), issues })
}

function describe({ path = [], message }: SchemaIssue): string {
  const names = path.map((part) => String(typeof part === 'object' ? part.key : part))
  return names.length === 0 ? message : `${names.join('.')}: ${message}`
}
