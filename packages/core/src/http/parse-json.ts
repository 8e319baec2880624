import { httpErrors } from './errors.ts'

/** How deep objects and lists may stand in one another. */
const deepest = 64

/** A name that would reach an object's prototype if it were copied, in whatever spelling JSON has for its letters. */
const poison =
  /"(?:_|\\u005f){2}(?:p|\\u0070)(?:r|\\u0072)(?:o|\\u006f)(?:t|\\u0074)(?:o|\\u006f)(?:_|\\u005f){2}"\s*:/i

/**
 * JSON from outside: at most 64 levels deep, and without keys named `__proto__`.
 *
 * @throws `CORE_HTTP_BODY_MALFORMED`
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decodeText(bytes)
  if (depthOf(text) > deepest) throw malformed(`it is nested deeper than ${deepest} levels`)
  const value = parse(text)
  if (poison.test(text)) refuseKeys(value)
  return value
}

/** Text in UTF-8. @throws `CORE_HTTP_BODY_MALFORMED` */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed('it is not UTF-8')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw malformed(text.trim() === '' ? 'it is empty' : `it is no JSON${placeOf(String(error))}`)
  }
}

/** Where the engine stopped, as far as it says so; its message as a whole would repeat the body. */
function placeOf(message: string): string {
  const position = /position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return `: at character ${position}`
  return message.includes('end of JSON') ? ': it ends too early' : ''
}

/** The most brackets that are open at once outside of strings; counted no further than needed. */
function depthOf(text: string): number {
  let depth = 0
  let most = 0
  for (let index = 0; index < text.length && most <= deepest; index++) {
    const code = text.charCodeAt(index)
    if (code === 0x22) index = endOfString(text, index)
    else if (code === 0x5b || code === 0x7b) most = Math.max(most, ++depth)
    else if (code === 0x5d || code === 0x7d) depth--
  }
  return most
}

function endOfString(text: string, start: number): number {
  let end = start
  for (;;) {
    end = text.indexOf('"', end + 1)
    if (end === -1) return text.length
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++
    if (slashes % 2 === 0) return end
  }
}

function refuseKeys(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (Object.hasOwn(value, '__proto__')) throw malformed('it has a key named __proto__')
  for (const item of Object.values(value)) refuseKeys(item)
}

function malformed(reason: string) {
  return httpErrors.CORE_HTTP_BODY_MALFORMED({ reason })
}
