### Photos of goods: taking them, choosing the main one, removing and putting back.

photos-title = Photos of { $name }
photos-lead = Up to { $n } photos. The first one is the main photo.
photos-none = No photo yet. Buyers see the picture of its kind.
photos-add = Add a photo
photos-manage = Manage photos
photos-take = Take a photo of the product
photos-take-hint = In good light, with the product filling the screen. You may skip this.
photos-pick = or choose a photo from your phone
photos-kept = The photo is saved. No need to send it again.
photos-save = Save photo
photos-added = { $n ->
    [one] The photo is saved.
   *[other] { $n } photos are saved.
}
photos-main = Main photo
photos-make-main = Make main photo
photos-made-main = The main photo is changed.
photos-remove = Remove
photos-removed = The photo is removed.
photos-removed-title = Removed photos
photos-return = Put back
photos-returned = The photo is back.

# Why a photo can't be taken.
photos-choose = Choose a photo first
photos-empty = This file is empty. Choose another photo
photos-heic = Your phone saves photos as HEIC. Open Settings, Camera, Formats and choose “Most Compatible” (JPEG). Then take the photo again
photos-kind = This kind of picture can’t be used. Send a JPEG, PNG or WebP photo
photos-no-picture = This file is no photo. Send a JPEG, PNG or WebP photo
photos-moving = Moving pictures can’t be used. Send an ordinary photo
photos-too-large = This photo is too large. Choose a smaller size in the camera
photos-too-small = This photo is too small. Send a larger one
photos-broken = This photo is damaged or was cut off on the way. Try to send it again
photos-not-kept = The photo can’t be kept right now. Try to send it again later. Everything else you typed is still here
photos-too-many = A product has at most { $n } photos. Remove one first
photos-no-room = There is no more room for photos of your business. Contact your cooperative
photos-archived = This product is archived. Its photos can’t be changed.
