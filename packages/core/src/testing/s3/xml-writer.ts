/** A piece of XML: text made by {@link element}, and nothing else. */
export type Xml = { readonly xml: string }

/** An element with text (escaped) or elements in it; undefined ones are left out. */
export function element(name: string, content: string | number | boolean | readonly (Xml | undefined)[] = ''): Xml {
  const inner =
    typeof content === 'object' ? content.map((child) => child?.xml ?? '').join('') : escapeXml(`${content}`)
  return { xml: `<${name}>${inner}</${name}>` }
}

/** A whole answer in S3's namespace. */
export function xmlDocument(name: string, content: readonly (Xml | undefined)[], namespaced = true): string {
  const { xml } = element(name, content)
  const namespace = namespaced ? ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"' : ''
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${namespace}${xml.slice(name.length + 1)}`
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}
