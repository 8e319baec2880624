import { bytesErrors } from '../errors.ts'
import type { XmlName } from './xml-names.ts'

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'
const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/'

/** Prefixes and the names of their namespaces; inner scopes see the outer ones. */
export type XmlScope = ReadonlyMap<string, string>

/** What holds outside of all elements. */
export const outermostScope: XmlScope = new Map([
  ['', ''],
  ['xml', xmlNamespace],
  ['xmlns', xmlnsNamespace],
])

/** The prefix that an attribute declares, empty for the default namespace; undefined for other attributes. */
export function declaredPrefix({ prefix, name, local }: XmlName): string | undefined {
  if (prefix === 'xmlns') return local
  return name === 'xmlns' ? '' : undefined
}

/** A scope with one more declaration (Namespaces in XML §3 and §5). @throws `CORE_BYTES_XML_INVALID` */
export function declare(scope: Map<string, string>, prefix: string, namespace: string, offset: number): void {
  const isReserved =
    prefix === 'xmlns' || namespace === xmlnsNamespace || (prefix === 'xml') !== (namespace === xmlNamespace)
  if (isReserved) throw invalid(`the prefix "${prefix}" or its namespace is reserved`, offset)
  if (prefix !== '' && namespace === '') throw invalid(`the prefix "${prefix}" is bound to nothing`, offset)
  scope.set(prefix, namespace)
}

/** The namespace of a prefix. @throws `CORE_BYTES_XML_INVALID` where it is not declared */
export function namespaceOf(scope: XmlScope, prefix: string, offset: number): string {
  const namespace = scope.get(prefix)
  if (namespace === undefined) throw invalid(`the prefix "${prefix}" is not declared`, offset)
  return namespace
}

function invalid(reason: string, offset: number) {
  return bytesErrors.CORE_BYTES_XML_INVALID({ reason, offset })
}
