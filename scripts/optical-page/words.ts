/** What the page says around its tables. */
export const INTRODUCTION = `# How codes are read

Made by \`npm run optical\`, which measures all of it anew; a test measures a part of it again and compares. Two devices
show each other codes and read them with cameras. How dense a code is, how much of it may be spoilt, how fast a moving
one moves and what the reader is told are chosen here.

The frames are those of real payments between two purses. Each is drawn as apps draw it and photographed by a simulated
camera: in perspective, out of focus, by a hand that moves, with a sensor's noise, in a frame of 640 × 480 or
1280 × 720 pixels whose other parts are crowded. The code with its quiet zone takes 60 to 85 % of the frame's height.
Every view comes from a seed, and is the same for all that is compared. The reader is the one that browsers run (\`zxing-wasm\`), on
Node. Real lenses, screens and hands are not in it: the tables compare choices, and promise no phone anything.`;

export const NOTES = {
  shown: `A payment takes three still codes: request, payment, receipt. The payer's certificate is in the first payment only
that a payee's device sees. A status-list delta that was cut for one code has at most 294 bytes (\`LIMITS.deltaCodeBytes\`),
so that its frame has no more than the densest code of a payment: whatever reads those reads it. In a payment between two
screens nothing but the payment is shown; a delta is a code of its own, which a till can be shown at any time.`,
  conditions: `Pixels are those of a frame of 720 rows; one of 480 rows has two thirds of them. Noise is the standard
deviation, brightness goes from 0 to 255.`,
  rates:
    'Share of the frames in which a code is read, each by itself, at level M with two modules around it.',
  corrections: `At the same size on the screen, a level that corrects more has more and smaller modules. Blur and noise hit
all of them, and no correction makes up for that.`,
  glare: `A lamp is reflected in the middle of the screen, and so much of a payment with its certificate is white: everyday,
480. The rest of the code must make up for it.`,
  quiet: `A payment with its certificate, 480, in surroundings as dark as its modules or as crowded as the code. The side of
code and quiet zone together stays the same, as it does on a screen: more around it is less for it.`,
  options: `A payment with its certificate, and what is around it without any code: share of the frames in which it is
read, and the median time of a frame on a desktop. Of five readings the quickest counts, since the machine had other
things to do. No phone was measured; those below are reckoned at some five and seventeen times as long.`,
  animation: `A frame of 2,000 bytes, hasty, 480. A rolling shutter sees two pictures in one frame when they change. The recent
phone reads a frame in some 25 ms, the cheap one in 90; both take 30 frames a second. Nine times each, from a moment of
chance.`,
} as const;

export const CHOSEN = `## What was chosen

- **Level M.** L has the larger modules and is read more often where everything is blurred. But blur and noise are drawn anew
  with each frame, and there are ten or more in a second; a reflection, a crack or a thumb stays, and what it covers is
  never read at L where M still reads it. Q stands more of that, and loses a quarter of the hasty frames at 480 and
  nearly all bad ones; H is worse than Q in all of it. Where a higher level fits into the same modules, it is taken.
- **Two modules around a code.** None at all is no code. Two and three do as well as each other, better than one; the
  four of the standard make the modules themselves smaller, and are read less often here.
- **Ten pictures a second.** Fewer keep recent phones waiting. More change within the frames of a cheap one, and are
  lost to it; at fifteen the worst case of a recent one grows too.
- **A second look at half the size** (\`downscaleFactor: 2\`, from 400 rows on): it reads what is blurred. By the default, a
  third from 500 rows on, frames of 480 rows get none.
- **One code a frame, first.** Going on to look for others takes a third longer. Only where the first is not ours are up
  to four looked for.
- **Nothing inverted, turned or tried harder**: codes of this kind gain nothing by it.
- **1280 × 720 is asked of the camera.** Frames of 640 × 480 are read in half the time, but need a steadier hand.
`.trimEnd();
