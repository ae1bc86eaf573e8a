// The server's count (portal/submissions/text.py), character for character: a Han
// character is one, a run of other letters or digits is one, blanks and signs are none.

const PICTURE =
  /^[^\S\n]*[[\u3010](?:\u56fe\u7247|picture)[:\uff1a][^\S\n]*[0-9]{1,18}(?:[^\S\n]+[^\n\]\u3011]{1,200})?[\]\u3011][^\S\n]*$/gmu;
const MARKS = /[\p{M}\p{Cf}]+/gu;
const RUN =
  /(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}])+/gu;
const SINGLE = /[\p{L}\p{N}]/gu;

/** How long a text is. */
export function countCharacters(text) {
  const plain = text.normalize("NFC").replace(PICTURE, "").replace(MARKS, "");
  const runs = (plain.match(RUN) || []).length;
  return runs + (plain.replace(RUN, "").match(SINGLE) || []).length;
}
