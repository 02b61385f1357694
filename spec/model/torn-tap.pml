/*
 * The torn-tap and refund core, for exhaustive search: one payment between a payer and a payee over a
 * channel that loses, repeats and reorders, with power cuts around every commit, voids, and the
 * closure that the issuer signs on the word of the payee. Each rule can be switched off by -D.
 *
 * A message is a bit: once signed it may be delivered at any time, more than once, or never, which is
 * all that losing, repeating and reordering can do. Presentations and cuts are bounded, so that every
 * run ends: a state in which nothing can happen any more must then be one in which both have ended.
 */

#ifndef CUTS
#define CUTS 2            /* how often the power of the payer fails */
#endif
#ifndef PRESENTATIONS
#define PRESENTATIONS 3   /* how often the payment, or the wish to void it, reaches the payee */
#endif

#define LATE 3            /* issuer time runs from 0 to here */
#define ACCEPT_BY 1       /* the last moment of acceptance */

/* What has been signed. */
bool paymentSent, receiptSent, voidSent, closureSent;
/* Committed state of the payer. */
bool debited, knowsAccepted, restored;
/* Committed state of the payee: its replay memory, its log, and its floor. */
bool remembersReceipt, remembersVoid, logHasReceipt;
byte floor;
/* The last statement: its floor, and whether its log had the receipt. */
bool stated, statedReceipt;
byte statedFloor;
byte now;
/* Only the promises read these. */
byte acceptances, restorations;
bool payerDone, payeeDone;

/* After a statement with this floor the issuer may close the payment: the payee says no more. */
#define CLOSED (stated && statedFloor > ACCEPT_BY)

#ifdef ACCEPT_LATE
#define IN_TIME true
#else
#define IN_TIME (floor <= ACCEPT_BY)
#endif

#ifdef VOID_AFTER_FORGETTING
#define MAY_VOID true
#else
#define MAY_VOID (!CLOSED)
#endif

#ifdef ACCEPT_AFTER_VOID
#define VOID_STANDS false
#else
#define VOID_STANDS remembersVoid
#endif

#ifdef VOID_AFTER_ACCEPT
#define RECEIPT_STANDS false
#else
#define RECEIPT_STANDS remembersReceipt
#endif

#ifdef NO_REPLAY_MEMORY
#define MAY_FORGET stated
#else
#define MAY_FORGET (stated && statedReceipt && CLOSED)
#endif

#ifdef CLOSE_WITHOUT_LOG
#define MAY_CLOSE (now > ACCEPT_BY)
#else
#ifdef CLOSE_WITHOUT_FLOOR
#define MAY_CLOSE (stated && !statedReceipt)
#else
#define MAY_CLOSE (stated && statedFloor > ACCEPT_BY && !statedReceipt)
#endif
#endif

proctype Payer() {
  byte cuts;
  pay:
  if
  :: cuts < CUTS -> cuts++; goto pay
  :: true
  fi;
#ifdef SIGN_BEFORE_COMMIT
  paymentSent = true;
  if
  :: cuts < CUTS -> cuts++; goto pay
  :: debited = true
  fi;
#else
  debited = true;
  if
  :: cuts < CUTS -> cuts++
  :: paymentSent = true
  fi;
#endif
  do
  :: !paymentSent -> paymentSent = true
  :: atomic { receiptSent && !restored -> knowsAccepted = true; break }
  :: atomic { voidSent && !knowsAccepted && !restored -> restored = true; restorations++; break }
  :: atomic { closureSent && !knowsAccepted && !restored -> restored = true; restorations++; break }
  od;
  payerDone = true
}

proctype Payee() {
  byte presented;
  do
  /* The payment comes, for the first time or again. The power may fail before the answer. */
  :: atomic { paymentSent && presented < PRESENTATIONS -> presented++ };
    if
    :: atomic { remembersReceipt -> receiptSent = true }
    :: atomic {
        !remembersReceipt && !VOID_STANDS && IN_TIME ->
        remembersReceipt = true; logHasReceipt = true; acceptances++
      };
      if
      :: receiptSent = true
      :: true
      fi
    :: true
    fi
  /* Somebody asks for a void, and brings the payment. */
  :: atomic { paymentSent && presented < PRESENTATIONS -> presented++ };
    if
    :: atomic { RECEIPT_STANDS -> receiptSent = true }
    :: atomic { remembersVoid -> voidSent = true }
#ifdef VOID_NOT_DURABLE
    :: atomic { !RECEIPT_STANDS && !remembersVoid && MAY_VOID -> voidSent = true }
#else
    :: atomic { !RECEIPT_STANDS && !remembersVoid && MAY_VOID -> remembersVoid = true };
      if
      :: voidSent = true
      :: true
      fi
#endif
    :: true
    fi
  /* Issuer-signed time comes in. */
  :: atomic { floor < now -> floor = now }
  /* A sync: the complete log is stated, under the floor. */
  :: atomic {
      !stated || statedFloor < floor || statedReceipt != logHasReceipt ->
      stated = true; statedFloor = floor; statedReceipt = logHasReceipt
    }
  /* Replay memory goes once it is acknowledged and its time has passed. */
  :: atomic { remembersReceipt && MAY_FORGET -> remembersReceipt = false }
  :: atomic { payerDone && CLOSED && statedReceipt == logHasReceipt -> break }
  od;
  payeeDone = true
}

proctype Issuer() {
  do
  :: atomic { now < LATE -> now++ }
  /* Rule 2. */
  :: atomic { !closureSent && MAY_CLOSE -> closureSent = true }
  /* The answer to a sync tells the payer of the receipt. */
  :: atomic { stated && statedReceipt && !receiptSent -> receiptSent = true }
  :: atomic { payerDone && payeeDone -> break }
  od
}

init { atomic { run Payer(); run Payee(); run Issuer() } }

/* The money is never with both. */
ltl never_both { [] (acceptances == 0 || restorations == 0) }
/* Nobody gets it twice. */
ltl never_twice { [] (acceptances <= 1 && restorations <= 1) }
/* What is out is paid for. */
ltl debited_first { [] (!paymentSent || debited) }
/* In the end exactly one has it, and both know which. */
ltl both_know {
  [] (!(payerDone && payeeDone) ||
      (knowsAccepted && logHasReceipt && acceptances == 1 && restorations == 0) ||
      (restored && !logHasReceipt && acceptances == 0 && restorations == 1))
}
