import { isTid } from '../codec/index.ts'
import {
  isAtIdentifier,
  isAtUri,
  isCidText,
  isDatetime,
  isDid,
  isHandle,
  isLanguage,
  isNsid,
  isRecordKey,
  isUri,
} from '../syntax/index.ts'

/** The formats of text in lexicons, by name. */
export const stringFormats: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['at-identifier', isAtIdentifier],
  ['at-uri', isAtUri],
  ['cid', isCidText],
  ['datetime', isDatetime],
  ['did', isDid],
  ['handle', isHandle],
  ['language', isLanguage],
  ['nsid', isNsid],
  ['record-key', isRecordKey],
  ['tid', isTid],
  ['uri', isUri],
])
