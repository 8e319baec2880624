import { graphErrors } from '../errors.ts'
import { crc32 } from './crc32.ts'
import { aligned, alignment, currentVersion, magic, prefixLength, type SectionEntry } from './encode-sections.ts'
import { sectionTypes, type FileProperties, type Section, type SectionFile, type SectionLookup } from './section.ts'

/** No header comes near it. */
const longestHeader = 1_048_576

/** A file of sections of which only the header was looked at. */
export interface OpenedSections extends Omit<SectionFile, 'sections'> {
  /** The checksum of a section is compared when it is first asked for. @throws `GEO_GRAPH_FILE_INVALID` */
  readonly sections: SectionLookup
}

/**
 * The sections of a file that is in memory: views of it, not copies. Every checksum is compared.
 *
 * @throws `GEO_GRAPH_FILE_INVALID`, `GEO_GRAPH_FILE_VERSION`
 */
export function decodeSections(bytes: Uint8Array): SectionFile {
  const { kind, properties, sections, base } = readHeader(bytes)
  return { kind, properties, sections: new Map(sections.map((entry) => [entry.name, sectionAt(bytes, base, entry)])) }
}

/**
 * The same when sections are asked for, and not before: nothing but the header and what lies between sections is read.
 *
 * @throws `GEO_GRAPH_FILE_INVALID`, `GEO_GRAPH_FILE_VERSION`
 */
export function openSections(bytes: Uint8Array): OpenedSections {
  const { kind, properties, sections, base } = readHeader(bytes)
  const entries = new Map(sections.map((entry) => [entry.name, entry]))
  const compared = new Map<string, Section>()
  const get = (name: string): Section | undefined => {
    const entry = entries.get(name)
    if (entry === undefined) return undefined
    const section = compared.get(name) ?? sectionAt(bytes, base, entry)
    compared.set(name, section)
    return section
  }
  return { kind, properties, sections: { get, has: (name) => entries.has(name) } }
}

interface Header {
  readonly kind: string
  readonly properties: FileProperties
  readonly sections: readonly SectionEntry[]
}

/** @returns the header, and the place from which it counts */
function readHeader(bytes: Uint8Array): Header & { readonly base: number } {
  if (bytes.length < prefixLength) throw invalid(bytes.length, 'it ends within its first bytes')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (Buffer.from(bytes.slice(0, magic.length)).toString('latin1') !== magic) throw invalid(0, 'it is no graph file')
  const version = view.getUint32(8, true)
  if (version < 1 || version > currentVersion)
    throw graphErrors.GEO_GRAPH_FILE_VERSION({ found: version, known: currentVersion })
  const length = view.getUint32(12, true)
  if (length > longestHeader || prefixLength + length > bytes.length) throw invalid(12, `a header of ${length} bytes`)
  const bytesOfHeader = bytes.slice(prefixLength, prefixLength + length)
  if (crc32(bytesOfHeader) !== view.getUint32(16, true))
    throw invalid(prefixLength, 'the checksum of the header is wrong')
  const header = parse(bytesOfHeader)
  const base = aligned(prefixLength + length)
  checkRest(bytes, base, { sections: header.sections, from: prefixLength + length })
  return { ...header, base }
}

function parse(header: Uint8Array): Header {
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder().decode(header))
  } catch (cause) {
    throw invalid(prefixLength, 'the header is no JSON', cause)
  }
  if (!isHeader(parsed)) throw invalid(prefixLength, 'the header lacks something')
  return parsed
}

function isHeader(value: unknown): value is Header {
  const { kind, properties, sections } = (value ?? {}) as Partial<Header>
  return (
    typeof kind === 'string' &&
    typeof properties === 'object' &&
    properties !== null &&
    Array.isArray(sections) &&
    sections.every((entry: Partial<SectionEntry> | null) => typeof entry?.name === 'string' && isPlace(entry))
  )
}

function isPlace({ type, offset, length }: Partial<SectionEntry>): boolean {
  return Object.hasOwn(sectionTypes, String(type)) && isCount(offset) && aligned(offset) === offset && isCount(length)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** What lies between the sections is zero and nothing follows the last, so that no byte goes unlooked at. */
function checkRest(
  bytes: Uint8Array,
  base: number,
  { sections, from }: { sections: Header['sections']; from: number },
): void {
  const isZero = (begin: number, end: number): boolean => bytes.subarray(begin, end).every((byte) => byte === 0)
  let end = from
  let isClean = isZero(prefixLength - 4, prefixLength)
  for (const { type, offset, length } of sections) {
    if (base + offset < end) throw invalid(prefixLength, 'its sections overlap')
    isClean &&= base + offset - end < alignment && isZero(end, base + offset)
    end = base + offset + length * sectionTypes[type as keyof typeof sectionTypes].BYTES_PER_ELEMENT
  }
  const size = Math.max(base, aligned(end))
  if (size > bytes.length) throw invalid(bytes.length, `it ends before its ${size} bytes`)
  if (!isClean || !isZero(end, size) || size !== bytes.length)
    throw invalid(end, 'something stands beside its sections')
}

function sectionAt(
  bytes: Uint8Array,
  base: number,
  { name, type, offset, length, crc32: expected }: SectionEntry,
): Section {
  const Type = sectionTypes[type as keyof typeof sectionTypes]
  const start = base + offset
  const size = length * Type.BYTES_PER_ELEMENT
  if (crc32(bytes.subarray(start, start + size)) !== expected)
    throw invalid(start, `the checksum of the section "${name}" is wrong`)
  return new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset + start, length)
}

function invalid(offset: number, reason: string, cause?: unknown) {
  return graphErrors.GEO_GRAPH_FILE_INVALID({ offset, reason }, { cause })
}
