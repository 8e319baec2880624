/** What a document may ask of memory. */
export interface XmlLimits {
  /** Elements inside each other. @default 256 */
  readonly maximumDepth?: number | undefined
  /** Attributes of an element. @default 256 */
  readonly maximumAttributes?: number | undefined
  /** Bytes of a name. @default 1024 */
  readonly maximumNameBytes?: number | undefined
  /** Bytes of a tag with its attributes, and of a processing instruction. @default 1048576 */
  readonly maximumTagBytes?: number | undefined
  /** Bytes of a text between two tags. @default 16777216 */
  readonly maximumTextBytes?: number | undefined
}

/** The limits with their defaults. */
export function xmlLimits(limits: XmlLimits): { readonly [Name in keyof XmlLimits]-?: number } {
  return {
    maximumDepth: limits.maximumDepth ?? 256,
    maximumAttributes: limits.maximumAttributes ?? 256,
    maximumNameBytes: limits.maximumNameBytes ?? 1_024,
    maximumTagBytes: limits.maximumTagBytes ?? 1_048_576,
    maximumTextBytes: limits.maximumTextBytes ?? 16_777_216,
  }
}
