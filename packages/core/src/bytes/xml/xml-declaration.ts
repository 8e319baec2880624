import { bytesErrors } from '../errors.ts'

const pattern =
  /^xml\s+version\s*=\s*(?:"1\.\d+"|'1\.\d+')(?:\s+encoding\s*=\s*(?:"([\w.:-]+)"|'([\w.:-]+)'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*$/u

/** Whether the bytes are UTF-8, or ISO-8859-1, as the XML declaration says. @throws `CORE_BYTES_XML_INVALID` */
export function isDeclaredUtf8(declaration: string, offset: number): boolean {
  const match = pattern.exec(declaration)
  if (match === null) throw invalid('the XML declaration is not one', offset)
  const encoding = (match[1] ?? match[2] ?? 'utf-8').toLowerCase()
  if (encoding === 'utf-8' || encoding === 'utf8' || encoding === 'us-ascii' || encoding.startsWith('utf-16'))
    return true
  if (encoding === 'iso-8859-1' || encoding === 'latin1') return false
  throw invalid(`the encoding ${encoding} is not UTF-8, UTF-16 or ISO-8859-1`, offset)
}

function invalid(reason: string, offset: number) {
  return bytesErrors.CORE_BYTES_XML_INVALID({ reason, offset })
}
