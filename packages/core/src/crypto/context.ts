/** What a message belongs to: text (as UTF-8) or bytes. */
export type MessageContext = string | Uint8Array

/** The bytes of a context. */
export function contextBytes(context: MessageContext = ''): Uint8Array {
  return typeof context === 'string' ? Buffer.from(context) : context
}
