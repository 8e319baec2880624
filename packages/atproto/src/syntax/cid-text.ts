const shape = /^[a-zA-Z0-9+=]{8,256}$/

/**
 * Whether the text can be a CID of any version and base. Fields of records may hold such text; links are checked when they
 * are decoded, and accept only the CIDs of the protocol.
 */
export function isCidText(text: string): boolean {
  return shape.test(text) && !text.startsWith('Qmb')
}
