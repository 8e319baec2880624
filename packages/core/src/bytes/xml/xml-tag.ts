import { bytesErrors } from '../errors.ts'
import type { XmlAttribute } from './xml-event.ts'
import { declare, declaredPrefix, namespaceOf, type XmlScope } from './xml-namespaces.ts'
import type { XmlName, XmlNames } from './xml-names.ts'
import { decodeAttribute } from './xml-text.ts'

/** What reading a tag needs to know. */
export interface TagContext {
  readonly names: XmlNames
  readonly isUtf8: boolean
  readonly maximumAttributes: number
  readonly maximumNameBytes: number
}

/** A start tag taken apart, and the scope inside it. */
export interface StartTag {
  readonly name: XmlName
  readonly namespace: string
  readonly attributes: readonly XmlAttribute[]
  readonly scope: XmlScope
  readonly isEmpty: boolean
}

/** Reads what stands between `<` and `>`. Offsets are those of whole bytes in the input. @throws `CORE_BYTES_XML_INVALID` */
export function readStartTag(raw: string, offset: number, outer: XmlScope, context: TagContext): StartTag {
  const isEmpty = raw.endsWith('/')
  const end = isEmpty ? raw.length - 1 : raw.length
  const nameEnd = endOfName(raw, 0, end)
  const name = readName(raw.slice(0, nameEnd), offset, context)
  let scope = outer
  const found: { readonly name: XmlName; readonly value: string }[] = []
  for (let at = skipSpace(raw, nameEnd, end); at < end;) {
    if (found.length >= context.maximumAttributes) throw tooMany('attributes', context.maximumAttributes, offset)
    const next = readAttribute(raw, at, end, offset, context)
    const prefix = declaredPrefix(next.name)
    if (prefix !== undefined) {
      const inner: Map<string, string> = scope === outer ? new Map(outer) : (scope as Map<string, string>)
      declare(inner, prefix, next.value, offset)
      scope = inner
    }
    found.push(next)
    at = skipSpace(raw, next.end, end)
    if (at === next.end && at < end) throw invalid('attributes without a space between them', offset + at)
  }
  return {
    name,
    namespace: namespaceOf(scope, elementPrefix(name, offset), offset),
    attributes: resolve(found, scope, offset),
    scope,
    isEmpty,
  }
}

/** The name of an end tag: what stands between `</` and `>`. */
export function readEndName(raw: string, offset: number, context: TagContext): XmlName {
  return readName(raw.slice(0, endOfSpace(raw)), offset, context)
}

function readAttribute(raw: string, start: number, end: number, offset: number, context: TagContext) {
  const nameEnd = endOfName(raw, start, end)
  const name = readName(raw.slice(start, nameEnd), offset + start, context)
  const equals = skipSpace(raw, nameEnd, end)
  if (raw.charCodeAt(equals) !== 0x3d) throw invalid('an attribute without value', offset + start)
  const open = skipSpace(raw, equals + 1, end)
  const quote = raw.charAt(open)
  if (quote !== '"' && quote !== "'") throw invalid('an attribute value without quotes', offset + open)
  const close = raw.indexOf(quote, open + 1)
  if (close < 0 || close >= end) throw invalid('an attribute value without end', offset + open)
  const value = raw.slice(open + 1, close)
  if (value.includes('<')) throw invalid('a "<" in an attribute value', offset + open)
  return { name, value: decodeAttribute(value, context.isUtf8, offset + open + 1), end: close + 1 }
}

function resolve(
  found: readonly { readonly name: XmlName; readonly value: string }[],
  scope: XmlScope,
  offset: number,
): readonly XmlAttribute[] {
  const seen = found.length > 1 ? new Set<string>() : undefined
  return found.map(({ name: { name, prefix, local }, value }) => {
    const isDefault = name === 'xmlns'
    const namespace = isDefault
      ? namespaceOf(scope, name, offset)
      : prefix === ''
        ? ''
        : namespaceOf(scope, prefix, offset)
    if (seen !== undefined) {
      const key = `${namespace} ${local}`
      if (seen.has(key)) throw invalid(`the attribute "${name}" twice`, offset)
      seen.add(key)
    }
    return { name, prefix, local, namespace, value }
  })
}

function elementPrefix({ prefix }: XmlName, offset: number): string {
  if (prefix === 'xmlns') throw invalid('an element with the prefix "xmlns"', offset)
  return prefix
}

function readName(raw: string, offset: number, { names, isUtf8, maximumNameBytes }: TagContext): XmlName {
  if (raw.length > maximumNameBytes) throw tooMany('bytes in a name', maximumNameBytes, offset)
  return names.read(raw, isUtf8, offset)
}

function endOfName(raw: string, start: number, end: number): number {
  let at = start
  for (; at < end; at++) {
    const code = raw.charCodeAt(at)
    if (isSpace(code) || code === 0x3d) break
  }
  return at
}

function skipSpace(raw: string, start: number, end: number): number {
  let at = start
  while (at < end && isSpace(raw.charCodeAt(at))) at++
  return at
}

function endOfSpace(raw: string): number {
  let end = raw.length
  while (end > 0 && isSpace(raw.charCodeAt(end - 1))) end--
  return end
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

function invalid(reason: string, offset: number) {
  return bytesErrors.CORE_BYTES_XML_INVALID({ reason, offset })
}

function tooMany(what: string, limit: number, offset: number) {
  return bytesErrors.CORE_BYTES_XML_LIMIT({ what, limit, offset })
}
