const signatures: readonly (readonly [type: string, hex: string, at: number])[] = [
  ['image/png', '89504e470d0a1a0a', 0],
  ['image/jpeg', 'ffd8ff', 0],
  ['image/gif', '474946383961', 0],
  ['image/gif', '474946383761', 0],
  ['image/webp', '57454250', 8],
  ['image/bmp', '424d', 0],
  ['image/tiff', '49492a00', 0],
  ['image/tiff', '4d4d002a', 0],
  ['video/webm', '1a45dfa3', 0],
  ['application/pdf', '25504446', 0],
]

const brands: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  avis: 'image/avif',
  heic: 'image/heic',
  heix: 'image/heic',
  hevc: 'image/heic',
  mif1: 'image/heic',
  msf1: 'image/heic',
  'qt  ': 'video/quicktime',
}

/**
 * The type of a file by what it begins with, whatever it is called; undefined when it is none that is known.
 *
 * @example
 * ```ts
 * import { sniffMedia } from '@exprsn/atproto/media'
 *
 * console.log(sniffMedia(new TextEncoder().encode('<?xml version="1.0"?><svg onload="…"/>'))) // image/svg+xml
 * ```
 */
export function sniffMedia(bytes: Uint8Array): string | undefined {
  const beginning = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1_024))
  const hex = beginning.toString('hex', 0, 16)
  const known = signatures.find(([, signature, at]) => hex.startsWith(signature, at * 2))?.[0]
  if (known === 'image/webp' && !hex.startsWith('52494646')) return undefined
  if (known !== undefined) return known
  if (beginning.toString('latin1', 4, 8) === 'ftyp') return brands[beginning.toString('latin1', 8, 12)] ?? 'video/mp4'
  const text = beginning
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .replaceAll('\0', '')
    .trimStart()
  return text.startsWith('<') && /<svg[\s/>]/i.test(text) ? 'image/svg+xml' : undefined
}
