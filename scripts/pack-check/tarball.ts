import { gunzipSync } from 'node:zlib'

/** The files of an npm tarball, by path without the leading `package/`. */
export type TarballFiles = ReadonlyMap<string, Buffer>

const blockSize = 512

/** Reads a gzipped tar as npm and pnpm write it: plain files (type 0), names up to 255 bytes (POSIX ustar prefix). */
export function readTarball(tarball: Uint8Array): TarballFiles {
  const archive = gunzipSync(tarball)
  const files = new Map<string, Buffer>()
  for (let offset = 0; offset + blockSize <= archive.length;) {
    const header = archive.subarray(offset, offset + blockSize)
    if (header[0] === 0) break
    const size = Number.parseInt(text(header, 124, 12), 8)
    const path = [text(header, 345, 155), text(header, 0, 100)].filter((part) => part !== '').join('/')
    const type = String.fromCharCode(header[156]!)
    if (type === '0' || type === '\0')
      files.set(path.replace(/^package\//, ''), archive.subarray(offset + blockSize, offset + blockSize + size))
    else if (type !== '5') throw new Error(`The tarball has an entry of type "${type}" at ${path}.`)
    offset += blockSize + Math.ceil(size / blockSize) * blockSize
  }
  return files
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length)
  const end = field.indexOf(0)
  return field
    .subarray(0, end === -1 ? length : end)
    .toString('utf8')
    .trim()
}
