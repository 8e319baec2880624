/** An attribute; namespace declarations are attributes, too. */
export interface XmlAttribute {
  /** As written: `xlink:href`. */
  readonly name: string
  readonly prefix: string
  readonly local: string
  /** The namespace's name; empty for attributes without a prefix. */
  readonly namespace: string
  readonly value: string
}

/** A part of a document, in document order. */
export type XmlEvent =
  | {
      readonly kind: 'start'
      /** As written: `cbc:ID`. */
      readonly name: string
      readonly prefix: string
      readonly local: string
      /** The namespace's name; empty where there is none. */
      readonly namespace: string
      readonly attributes: readonly XmlAttribute[]
      /** The byte of its `<`. */
      readonly offset: number
    }
  | {
      readonly kind: 'end'
      readonly name: string
      readonly prefix: string
      readonly local: string
      readonly namespace: string
      readonly offset: number
    }
  | {
      /** All text between two tags in one piece: comments and instructions do not part it, CDATA is text. */
      readonly kind: 'text'
      readonly text: string
      readonly offset: number
    }
