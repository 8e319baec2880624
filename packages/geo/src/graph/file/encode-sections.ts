import { crc32 } from './crc32.ts'
import { sectionType, type SectionFile } from './section.ts'

/** What every file begins with. */
export const magic = 'exprsngf'
/**
 * The version that is written. In version 1 no list was left out that follows from others; its files are read by the same
 * rules.
 */
export const currentVersion = 2
/** Magic, version, length and checksum of the header, and four bytes of zero. */
export const prefixLength = 24
/** Sections begin at multiples of this, so that they can be looked at where they are. */
export const alignment = 64

/** One entry of the header's list. */
export interface SectionEntry {
  readonly name: string
  readonly type: string
  /** Of the first byte, from the end of the header with its padding. */
  readonly offset: number
  /** How many numbers. */
  readonly length: number
  /** Of the section's bytes. */
  readonly crc32: number
}

/**
 * The bytes of a file of sections. Little-endian: the magic, the version, the length and the CRC-32 of the header (JSON), zeros
 * up to the first multiple of 64, then the sections.
 */
export function encodeSections({ kind, properties, sections }: SectionFile): Uint8Array {
  const entries = [...sections].map(([name, section]) => {
    const bytes = new Uint8Array(section.buffer, section.byteOffset, section.byteLength)
    return { name, type: sectionType(section), length: section.length, bytes, crc32: crc32(bytes) }
  })
  // The places depend on the length of the header, in which they stand: they count from the end of the header.
  let size = 0
  const listed = entries.map(({ name, type, length, bytes, crc32: checksum }) => {
    const offset = size
    size = aligned(size + bytes.length)
    return { name, type, offset, length, crc32: checksum }
  })
  const header = new TextEncoder().encode(JSON.stringify({ kind, properties, sections: listed }))
  const base = aligned(prefixLength + header.length)
  const file = new Uint8Array(base + size)
  const view = new DataView(file.buffer)
  file.set(new TextEncoder().encode(magic))
  view.setUint32(8, currentVersion, true)
  view.setUint32(12, header.length, true)
  view.setUint32(16, crc32(header), true)
  file.set(header, prefixLength)
  entries.forEach(({ bytes }, index) => file.set(bytes, base + listed[index]!.offset))
  return file
}

/** The next multiple of {@link alignment}. */
export function aligned(size: number): number {
  return Math.ceil(size / alignment) * alignment
}
