/** Numbers that a file can hold, by the name of their type in it. */
export const sectionTypes = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float64: Float64Array,
} as const

/** What a section holds. */
export type Section = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array

/** Texts and numbers beside the sections. */
export type FileProperties = Readonly<Record<string, string | number | boolean>>

/** Named lists of numbers in one file. */
export interface SectionFile {
  /** What the file is, such as `road-graph`. */
  readonly kind: string
  readonly properties: FileProperties
  readonly sections: ReadonlyMap<string, Section>
}

/** Finds sections by their names. */
export type SectionLookup = Pick<SectionFile['sections'], 'get' | 'has'>

/** The name of the type of a section. */
export function sectionType(section: Section): keyof typeof sectionTypes {
  return (Object.keys(sectionTypes) as (keyof typeof sectionTypes)[]).find(
    (name) => section instanceof sectionTypes[name],
  )!
}
