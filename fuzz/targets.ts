import type { Target } from './target.ts';
import { auth } from './targets/auth.ts';
import { configuration, networks } from './targets/config.ts';
import { datagram } from './targets/datagram.ts';
import { decoders } from './targets/decoders.ts';
import { framer } from './targets/framer.ts';
import { header } from './targets/header.ts';
import { multipart } from './targets/multipart.ts';
import { sdp } from './targets/sdp.ts';
import { uri } from './targets/uri.ts';

/** Everything that reads what strangers send; the engine, which needs a world around it, has `engine-fuzz.ts`. */
export const targets: readonly Target[] = [
  datagram,
  framer,
  header,
  uri,
  sdp,
  auth,
  networks,
  configuration,
  multipart,
  ...decoders,
];
