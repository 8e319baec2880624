import { bytesErrors } from '../errors.ts'
import { decodeText } from './xml-text.ts'

/** A name taken apart (Namespaces in XML §3). */
export interface XmlName {
  readonly name: string
  readonly prefix: string
  readonly local: string
}

// XML 1.0 (fifth edition) §2.3, without the colon, which parts prefix and local name.
const startCharacters =
  'A-Z_a-z\\u{c0}-\\u{d6}\\u{d8}-\\u{f6}\\u{f8}-\\u{2ff}\\u{370}-\\u{37d}\\u{37f}-\\u{1fff}\\u{200c}\\u{200d}\\u{2070}-\\u{218f}' +
  '\\u{2c00}-\\u{2fef}\\u{3001}-\\u{d7ff}\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{fffd}\\u{10000}-\\u{effff}'
const part = `[${startCharacters}][${startCharacters}\\-.0-9\\u{b7}\\u{300}-\\u{36f}\\u{203f}\\u{2040}]*`
const pattern = new RegExp(`^(?:(${part}):)?(${part})$`, 'u')
const mostNames = 2_000

/** Checks names and remembers those it saw: documents repeat few names many times. */
export class XmlNames {
  readonly #known = new Map<string, XmlName>()

  /** @throws `CORE_BYTES_XML_INVALID` for what is not a name */
  read(raw: string, isUtf8: boolean, offset: number): XmlName {
    const known = this.#known.get(raw)
    if (known !== undefined) return known
    const text = decodeText(raw, isUtf8, offset)
    const match = pattern.exec(text)
    if (match === null) throw bytesErrors.CORE_BYTES_XML_INVALID({ reason: 'a name is missing or not allowed', offset })
    const name = { name: text, prefix: match[1] ?? '', local: match[2]! }
    if (this.#known.size < mostNames) this.#known.set(raw, name)
    return name
  }
}
