// `npm start`: the tour through the family's main jobs. Its options are described by `npm start -- --help`.
import '../../examples/tour/src/main.ts'
