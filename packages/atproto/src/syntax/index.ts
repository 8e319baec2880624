/**
 * The identifiers of the AT Protocol: handles, DIDs, NSIDs, record keys, at:// URIs, and the formats of text in records.
 *
 * @packageDocumentation
 */
export { isAtIdentifier, isAtUri, parseAtUri, type AtUri } from './at-uri.ts'
export { isCidText } from './cid-text.ts'
export { isDatetime } from './datetime.ts'
export { didMethod, isDid } from './did.ts'
export { syntaxErrors } from './errors.ts'
export { invalidHandle, isHandle, isReservedHandle } from './handle.ts'
export { isLanguage } from './language.ts'
export { isNsid } from './nsid.ts'
export { isRecordKey } from './record-key.ts'
export { isUri, isWebUrl } from './uri.ts'
