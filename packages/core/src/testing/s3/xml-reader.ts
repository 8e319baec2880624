import { S3Refusal } from './s3-refusal.ts'

/** An element of a request body: either children or text. */
export interface XmlElement {
  readonly name: string
  readonly children: readonly XmlElement[]
  readonly text: string
}

const deepest = 8
const token = /<\?xml[^<>]*\?>|<(\/?)([A-Za-z][\w.-]*)((?:\s+[\w:.-]+="[^"<&]*")*)\s*(\/?)>|([^<]+)/y
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

interface OpenElement {
  readonly name: string
  readonly children: XmlElement[]
  text: string
}

/**
 * Reads a small XML document of elements, attributes (ignored) and text. Anything else that XML allows – a document type,
 * comments, CDATA, processing instructions, entities of its own – is `MalformedXML`.
 */
export function readXml(source: string, root: string): XmlElement {
  const top: OpenElement = { name: '', children: [], text: '' }
  const open: OpenElement[] = [top]
  for (const part of tokens(source)) {
    const current = open.at(-1)!
    if (part.text !== undefined) current.text += decodeText(part.text)
    else if (part.closing) {
      if (open.length === 1 || current.name !== part.name) throw new S3Refusal('MalformedXML')
      open.pop()
    } else {
      const child: OpenElement = { name: part.name, children: [], text: '' }
      current.children.push(child)
      if (!part.empty) open.push(child)
      if (open.length > deepest) throw new S3Refusal('MalformedXML')
    }
  }
  const [only] = top.children
  if (open.length !== 1 || top.children.length !== 1 || top.text.trim() !== '' || only?.name !== root)
    throw new S3Refusal('MalformedXML')
  return only
}

/** The text of the child of that name. */
export function childText(parent: XmlElement, name: string): string | undefined {
  return parent.children.find((child) => child.name === name)?.text
}

type Token =
  | { readonly text: string }
  | { readonly text?: undefined; readonly name: string; readonly closing: boolean; readonly empty: boolean }

function* tokens(source: string): Generator<Token, void, void> {
  token.lastIndex = 0
  for (let position = 0; position < source.length; position = token.lastIndex) {
    const match = token.exec(source)
    if (match === null || (match[0].startsWith('<?') && position !== 0)) throw new S3Refusal('MalformedXML')
    const [, slash, name, attributes, empty, text] = match
    if (text !== undefined) yield { text }
    else if (name !== undefined) {
      if (slash === '/' && (empty === '/' || attributes !== '')) throw new S3Refusal('MalformedXML')
      yield { name, closing: slash === '/', empty: empty === '/' }
    }
  }
}

function decodeText(text: string): string {
  return text.replace(/&([^;&]{0,10});?/g, (whole, name: string) => {
    const known = whole.endsWith(';')
      ? Object.hasOwn(entities, name)
        ? entities[name]
        : fromCodePoint(name)
      : undefined
    if (known === undefined) throw new S3Refusal('MalformedXML')
    return known
  })
}

function fromCodePoint(name: string): string | undefined {
  const match = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name)
  if (match === null) return undefined
  const point = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16)
  return point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff) ? String.fromCodePoint(point) : undefined
}
