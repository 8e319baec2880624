import { clientErrors } from '../errors.ts'

/** Fields of a request; `undefined` takes one of the client's back. */
export type HeaderInput = Readonly<Record<string, string | undefined>>

/** RFC 9110 §5.6.2, and what §5.5 allows in a value. */
const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/

/** What governs the connection and the framing of the message: a wrong value lets one request hide in another. */
const managed = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const secretName = /auth|cookie|token|secret|key|signature|credential|passw|session/i

/**
 * Names in lower case, values without space around them; later fields replace earlier ones.
 *
 * @throws `CORE_CLIENT_HEADER_INVALID`, which names the field but not its value.
 */
export function requestHeaders(...inputs: readonly (HeaderInput | undefined)[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  for (const input of inputs)
    for (const [name, value] of Object.entries(input ?? {})) {
      const lower = name.toLowerCase()
      if (value === undefined) delete headers[lower]
      else headers[lower] = checked(name, value)
    }
  return headers
}

function checked(name: string, value: string): string {
  const refuse = (reason: string) =>
    clientErrors.CORE_CLIENT_HEADER_INVALID({ header: token.test(name) ? name : JSON.stringify(name), reason })
  if (!token.test(name)) throw refuse('its name is not a token')
  if (managed.has(name.toLowerCase())) throw refuse('the client sets it itself')
  if (typeof value !== 'string') throw refuse('its value is not text')
  if (!fieldValue.test(value)) throw refuse('its value has a line break, a control character or one beyond Latin-1')
  return value.trim()
}

/** Whether a field may hold a secret, by its name: such fields never follow to another origin, nor into errors. */
export function isSecretHeader(name: string): boolean {
  return secretName.test(name)
}

/** The fields that may be shown to another origin. */
export function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isSecretHeader(name)))
}
