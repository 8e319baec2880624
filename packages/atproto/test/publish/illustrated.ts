import { noise } from '../media/sample-images.ts'
import { notes } from './stage.ts'

const pictures = 12

/** Notes with twelve pictures, on three posts of their thread. */
export const illustrated = notes({
  toRecord: ({ body }, { text }) =>
    Array.from({ length: pictures }, (_, index) => `picture ${index}`).reduce(
      (draft, ref) => draft.image(ref, { alt: ref }),
      text.plain(body),
    ),
  media: async (ref) =>
    noise(8 + Number(ref.split(' ')[1]), 8)
      .png()
      .toBuffer(),
})
