const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text as it may stand in XML, in attributes, too. Characters that XML 1.0 does not know are left out. */
export function escapeXml(text: string): string {
  // Halves of characters become U+FFFD on the way through UTF-8.
  return Buffer.from(text)
    .toString()
    .replaceAll(/[&<>"']/g, (character) => entities[character]!)
    .replaceAll(/(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu, '')
}
